/** Builds the messages that a server sends, and the bitmap of the online query. */
@NullMarked
package dev.rallypoint.protocol.message;

import org.jspecify.annotations.NullMarked;
