/**
 * The RustDesk wire without any I/O: no sockets, no threads, no clock. Time and randomness are
 * arguments; bytes from untrusted senders never throw anything but the checked exceptions named
 * here.
 */
@NullMarked
package dev.rallypoint.protocol;

import org.jspecify.annotations.NullMarked;
