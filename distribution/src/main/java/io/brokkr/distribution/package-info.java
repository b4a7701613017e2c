/** The command line: {@code bin/brokkr} runs {@link io.brokkr.distribution.Main}. */
@NullMarked
package io.brokkr.distribution;

import org.jspecify.annotations.NullMarked;
