/** Commands that ask and tell a running node by its management port, for the whole cluster. */
@NullMarked
package dev.rallypoint.app.cli.manage;

import org.jspecify.annotations.NullMarked;
