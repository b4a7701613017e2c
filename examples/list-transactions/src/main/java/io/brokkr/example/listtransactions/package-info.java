/** ListTransactions, for a broker without transactions: the list is empty, and {@code kafka-transactions.sh list} can say so. */
package io.brokkr.example.listtransactions;
