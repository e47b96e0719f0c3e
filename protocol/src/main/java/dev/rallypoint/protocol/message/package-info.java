/** The envelopes a server makes, one method each, and the bitmap of the online query. */
@NullMarked
package dev.rallypoint.protocol.message;

import org.jspecify.annotations.NullMarked;
