package dev.waybill.storage;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where Waybill keeps what must survive a restart.
 *
 * @param dataDir the data folder: the database of a single machine and the stored uploads; created
 *     where it is missing. In a cluster the one folder that all pods share
 */
@Validated
@ConfigurationProperties("waybill")
record StorageProperties(@DefaultValue("./data") Path dataDir) {}
