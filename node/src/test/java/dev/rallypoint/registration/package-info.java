/** Tests of the ids' entities and of the lease book, without sockets. */
@NullMarked
package dev.rallypoint.registration;

import org.jspecify.annotations.NullMarked;
