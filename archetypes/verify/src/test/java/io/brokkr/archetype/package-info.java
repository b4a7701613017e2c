/** The archetypes as somebody meets them who writes a plugin for the first time. */
package io.brokkr.archetype;
