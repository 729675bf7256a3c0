package dev.waybill.storage;

import dev.waybill.platform.Database;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where Waybill stores data that must survive a restart.
 *
 * @param dataDir the data folder: the database of a single machine and the stored uploads; created
 *     if it does not exist. In a cluster, the one folder that all pods share
 * @param database {@code sqlite} for a file in the data folder, or {@code postgres} for the server
 *     that {@code spring.datasource.url}, {@code username} and {@code password} name. The profiles
 *     {@code postgres} and {@code cluster} set {@code postgres}
 */
@Validated
@ConfigurationProperties("waybill")
record StorageProperties(
    @DefaultValue("./data") Path dataDir, @DefaultValue("sqlite") Database database) {}
