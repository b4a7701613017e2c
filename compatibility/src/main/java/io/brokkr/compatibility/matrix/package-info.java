/**
 * The client matrix: every client family of {@code compatibility/clients} by every test that it has a program for, judged by what the client itself
 * sees, written to {@code docs/compatibility.md} and {@code docs/compatibility.json}.
 *
 * <p>A client family is a folder with a {@code client.properties} ({@link io.brokkr.compatibility.matrix.ClientFamily}), a script {@code install} that gets
 * the client and prints its version, and the program. {@link io.brokkr.compatibility.matrix.Matrix} is the command.
 */
@NullMarked
package io.brokkr.compatibility.matrix;

import org.jspecify.annotations.NullMarked;
