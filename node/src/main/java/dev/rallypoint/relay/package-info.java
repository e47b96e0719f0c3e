/**
 * The relay on 21117: two connections that name the same uuid become one. Actors introduce the legs
 * to each other; the bytes are moved by selector loops and never enter a mailbox. Imports nothing
 * of {@code rendezvous}.
 */
@NullMarked
package dev.rallypoint.relay;

import org.jspecify.annotations.NullMarked;
