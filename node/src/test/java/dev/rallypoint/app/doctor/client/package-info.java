/** Tests of doctor from a client's place, against nodes and planted faults. */
@NullMarked
package dev.rallypoint.app.doctor.client;

import org.jspecify.annotations.NullMarked;
