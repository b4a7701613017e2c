/** What happens in the broker, in a file, a line of JSON for each event. */
package io.brokkr.example.eventlog;
