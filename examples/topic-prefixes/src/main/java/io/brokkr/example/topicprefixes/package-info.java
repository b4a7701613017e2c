/** Lets users do what they like with topics and groups that have their name in front, and with no others. */
package io.brokkr.example.topicprefixes;
