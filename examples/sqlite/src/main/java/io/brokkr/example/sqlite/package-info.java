/** A storage engine that keeps the logs of partitions in an SQLite database. */
package io.brokkr.example.sqlite;
