/** Texts as operators write them: files of any editor, quotes that come along, hosts. */
@NullMarked
package dev.rallypoint.config.text;

import org.jspecify.annotations.NullMarked;
