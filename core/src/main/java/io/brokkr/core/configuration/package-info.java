/**
 * The broker's configuration: where values come from, which settings are known, and what is said about those that are not.
 *
 * <p>{@link PropertiesText} and command lines give {@link GivenSetting}s. The core and each plugin declare what they read, which makes
 * {@link KnownSettings}. Both together make a {@link LoadedConfiguration}, or one {@link InvalidConfigurationException} that tells
 * every mistake at once, each with the line it stands in.
 */
@NullMarked
package io.brokkr.core.configuration;

import org.jspecify.annotations.NullMarked;
