/**
 * Users with passwords, in a file: the mechanism PLAIN, which lets them in, and principals that tell services from users by the listener that they come from.
 *
 * <p>PLAIN sends passwords as they are. Where others can read along on the network, this is of no use without encryption.
 */
package io.brokkr.example.passwordfile;
