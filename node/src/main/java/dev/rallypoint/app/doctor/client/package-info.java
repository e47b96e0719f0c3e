/**
 * What {@code rallypoint doctor HOST} asks a server and the relay that it names, as a client does.
 * Nothing else is talked to. Each question takes some seconds at most.
 */
@NullMarked
package dev.rallypoint.app.doctor.client;

import org.jspecify.annotations.NullMarked;
