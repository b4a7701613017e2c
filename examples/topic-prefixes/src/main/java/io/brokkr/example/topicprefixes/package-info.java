/** Lets users do what they like with topics and groups that have their name in front, and with no others. Users with a dash in their name have none. */
package io.brokkr.example.topicprefixes;
