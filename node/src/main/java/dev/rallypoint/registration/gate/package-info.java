/** Which devices may register: what the registration asks, and others answer. */
@NullMarked
package dev.rallypoint.registration.gate;

import org.jspecify.annotations.NullMarked;
