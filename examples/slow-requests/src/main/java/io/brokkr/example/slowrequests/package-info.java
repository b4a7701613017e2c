/** Tells of requests that took long, in the log. */
package io.brokkr.example.slowrequests;
