/** A node behind proxies, real ones too, and its own TLS, as clients see it. */
@NullMarked
package dev.rallypoint.proxies;

import org.jspecify.annotations.NullMarked;
