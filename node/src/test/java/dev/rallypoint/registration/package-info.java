/** Tests of the entity, the lease book and the desk, without sockets. */
@NullMarked
package dev.rallypoint.registration;

import org.jspecify.annotations.NullMarked;
