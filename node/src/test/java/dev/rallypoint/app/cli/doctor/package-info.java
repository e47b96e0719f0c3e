/** Tests of the command doctor and its page. */
@NullMarked
package dev.rallypoint.app.cli.doctor;

import org.jspecify.annotations.NullMarked;
