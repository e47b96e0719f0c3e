/** Tests of the verdicts of doctor, by tables. */
@NullMarked
package dev.rallypoint.app.doctor;

import org.jspecify.annotations.NullMarked;
