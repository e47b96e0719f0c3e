/** The command {@code doctor}: its flags, its table, its JSON. */
@NullMarked
package dev.rallypoint.app.cli.doctor;

import org.jspecify.annotations.NullMarked;
