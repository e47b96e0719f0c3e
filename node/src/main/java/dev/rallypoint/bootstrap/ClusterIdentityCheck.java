package dev.rallypoint.bootstrap;

import com.typesafe.config.Config;
import org.apache.pekko.cluster.ConfigValidation;
import org.apache.pekko.cluster.JoinConfigCompatChecker;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The check by which Pekko compares the {@link ClusterIdentity} of a joining node with that of the
 * cluster. Pekko creates it by its name in the configuration.
 */
public final class ClusterIdentityCheck extends JoinConfigCompatChecker {

  @Override
  public Seq<String> requiredKeys() {
    return CollectionConverters.asScala(ClusterIdentity.PATHS).toList();
  }

  @Override
  public ConfigValidation check(Config toCheck, Config actual) {
    return JoinConfigCompatChecker.fullMatch(requiredKeys(), toCheck, actual);
  }
}
