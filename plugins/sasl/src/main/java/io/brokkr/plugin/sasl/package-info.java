/**
 * How clients authenticate (KIP-43, KIP-152): by SaslHandshake a client chooses one of the mechanisms that there are, and by SaslAuthenticate it and the mechanism send each other tokens until one side is satisfied.
 *
 * <p>What tokens mean is the business of the {@linkplain io.brokkr.spi.security.Authenticator mechanisms}, which other plugins bring; whose turn it is, and who gets served, is that of the {@linkplain
 * io.brokkr.spi.security.ClientSession session} of the connection.
 */
@NullMarked
package io.brokkr.plugin.sasl;

import org.jspecify.annotations.NullMarked;
