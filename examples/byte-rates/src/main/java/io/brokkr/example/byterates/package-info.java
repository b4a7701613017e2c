/** Bounds the bytes in a second that a client produces and fetches. */
package io.brokkr.example.byterates;
