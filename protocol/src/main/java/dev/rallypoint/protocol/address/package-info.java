/**
 * Network addresses as the protocol means them, and the obfuscated form in which they travel inside
 * messages.
 */
@NullMarked
package dev.rallypoint.protocol.address;

import org.jspecify.annotations.NullMarked;
