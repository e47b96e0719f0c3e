/** Tests of commands that ask a running node. */
@NullMarked
package dev.rallypoint.app.cli.manage;

import org.jspecify.annotations.NullMarked;
