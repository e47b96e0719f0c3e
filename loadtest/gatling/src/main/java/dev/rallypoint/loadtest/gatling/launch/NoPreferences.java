package dev.rallypoint.loadtest.gatling.launch;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.prefs.AbstractPreferences;
import java.util.prefs.Preferences;
import java.util.prefs.PreferencesFactory;
import org.jspecify.annotations.Nullable;

/**
 * Preferences in memory that say that Gatling has looked for a newer version in the far future, so
 * that it does not look; nothing is written to the home directory.
 */
public final class NoPreferences implements PreferencesFactory {
  private static final Preferences ROOT = root();

  private static Preferences root() {
    Preferences root = new InMemory(null, "");
    root.node("io/gatling/latestVersion").putLong("lastCheckTimestamp", Long.MAX_VALUE);
    return root;
  }

  @Override
  public Preferences systemRoot() {
    return ROOT;
  }

  @Override
  public Preferences userRoot() {
    return ROOT;
  }

  private static final class InMemory extends AbstractPreferences {
    private final Map<String, String> values = new ConcurrentHashMap<>();
    private final Map<String, InMemory> children = new ConcurrentHashMap<>();

    InMemory(@Nullable InMemory parent, String name) {
      super(parent, name);
    }

    @Override
    protected void putSpi(String key, String value) {
      values.put(key, value);
    }

    @Override
    protected @Nullable String getSpi(String key) {
      return values.get(key);
    }

    @Override
    protected void removeSpi(String key) {
      values.remove(key);
    }

    @Override
    protected void removeNodeSpi() {}

    @Override
    protected String[] keysSpi() {
      return values.keySet().toArray(String[]::new);
    }

    @Override
    protected String[] childrenNamesSpi() {
      return children.keySet().toArray(String[]::new);
    }

    @Override
    protected AbstractPreferences childSpi(String name) {
      return children.computeIfAbsent(name, unused -> new InMemory(this, name));
    }

    @Override
    protected void syncSpi() {}

    @Override
    protected void flushSpi() {}
  }
}
