package dev.rallypoint.app.cli.manage;

import dev.rallypoint.config.NodeSettings;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is outside a command that asks a node.
 *
 * @param settings reads what the node was started with
 */
public record ManageContext(PrintWriter out, PrintWriter err, Settings settings) {

  /** Reads the settings of a node. */
  @FunctionalInterface
  public interface Settings {
    /**
     * What {@code serve} would use.
     *
     * @param data the data folder, or null for the working directory
     * @param config the file of {@code --config}, or null
     * @param set the pairs of {@code --set}
     */
    NodeSettings load(@Nullable String data, @Nullable String config, List<String> set);
  }
}
