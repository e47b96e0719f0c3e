/** Tests of doctor on the server. */
@NullMarked
package dev.rallypoint.app.doctor.server;

import org.jspecify.annotations.NullMarked;
