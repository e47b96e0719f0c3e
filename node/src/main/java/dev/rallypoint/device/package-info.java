/** What devices tell of themselves, and what they are told with their heartbeats. */
@NullMarked
package dev.rallypoint.device;

import org.jspecify.annotations.NullMarked;
