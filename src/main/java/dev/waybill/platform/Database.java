package dev.waybill.platform;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** The databases in which Waybill can store its data. */
public enum Database {

  /** SQLite: an embedded database, for Waybill on a single machine. */
  SQLITE,

  /** PostgreSQL: a server that several pods can share. */
  POSTGRES;

  static final String SETTING = "waybill.database";

  /**
   * The database that the settings name; SQLite if the settings name none.
   *
   * @throws org.springframework.boot.context.properties.bind.BindException for any other name
   */
  public static Database of(Environment environment) {
    return Binder.get(environment).bind(SETTING, Database.class).orElse(SQLITE);
  }
}
