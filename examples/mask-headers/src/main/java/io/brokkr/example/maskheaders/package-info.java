/** A plugin that changes records before they are stored. */
package io.brokkr.example.maskheaders;
