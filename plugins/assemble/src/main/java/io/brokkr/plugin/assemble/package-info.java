/**
 * Trimmed distributions: the installation that the command runs in, with the plugins that were asked for and nothing else.
 *
 * <p>{@link io.brokkr.plugin.assemble.AssembleCommand} is the command. {@link io.brokkr.plugin.assemble.Selection} decides which plugins go in, and says what is missing
 * before anything is written. {@link io.brokkr.plugin.assemble.Assembly} puts the {@link io.brokkr.plugin.assemble.Content} together, with a {@link
 * io.brokkr.plugin.assemble.JavaRuntime} and a {@link io.brokkr.plugin.assemble.BillOfMaterials}, and {@link io.brokkr.plugin.assemble.Packaging} writes it.
 *
 * <p>The same installation, arguments and Java give the same bytes: files come in the order of their names, belong to root, and have one time, that of the installation or
 * {@code SOURCE_DATE_EPOCH}.
 */
@NullMarked
package io.brokkr.plugin.assemble;

import org.jspecify.annotations.NullMarked;
