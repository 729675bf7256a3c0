package dev.waybill.storage;

import dev.waybill.platform.Database;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The storage for data that must survive a restart.
 *
 * @param dataDir the data folder, which contains the stored uploads and, on a single machine, the
 *     database. It is created if it does not exist. In a cluster, all pods must share one folder
 * @param database {@code sqlite} for a file in the data folder, or {@code postgres} for the server
 *     that {@code spring.datasource.url}, {@code username} and {@code password} name. The profiles
 *     {@code postgres} and {@code cluster} set {@code postgres}
 */
@Validated
@ConfigurationProperties("waybill")
record StorageProperties(
    @DefaultValue("./data") Path dataDir, @DefaultValue("sqlite") Database database) {}
