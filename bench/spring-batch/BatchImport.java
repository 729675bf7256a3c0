import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.util.Locale;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.configuration.support.MapJobRegistry;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.support.TaskExecutorJobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.support.JdbcJobRepositoryFactoryBean;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.database.JdbcBatchItemWriter;
import org.springframework.batch.infrastructure.item.database.builder.JdbcBatchItemWriterBuilder;
import org.springframework.batch.infrastructure.item.file.FlatFileItemReader;
import org.springframework.batch.infrastructure.item.file.builder.FlatFileItemReaderBuilder;
import org.springframework.batch.infrastructure.item.file.separator.DefaultRecordSeparatorPolicy;
import org.springframework.batch.infrastructure.item.file.transform.FieldSet;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * An import as the documentation of Spring Batch shows it: a flat-file reader, chunks of 1,000
 * rows, and a JDBC batch upsert whose statements the driver combines. It does not check the rows,
 * does not distinguish created from updated products, and does not list the outcomes of rows.
 *
 * <p>{@code BatchImport FILE.csv JDBC-URL USER TIMES}. The table must exist. Imports the file TIMES
 * times in one process, and empties the table before each import. Prints the number of rows and the
 * seconds of each job.
 */
final class BatchImport {

  private static final int CHUNK = 1000;
  private static final int ATTRIBUTE = 10;

  private static final String UPSERT =
      """
      INSERT INTO product (sku, name, description, price, currency, quantity, category, brand,
        gtin, image_url, attributes)
      VALUES (?, ?, ?, CAST(? AS numeric), ?, CAST(? AS integer), ?, ?, ?, ?, CAST(? AS jsonb))
      ON CONFLICT (sku) DO UPDATE SET name = excluded.name, description = excluded.description,
        price = excluded.price, currency = excluded.currency, quantity = excluded.quantity,
        category = excluded.category, brand = excluded.brand, gtin = excluded.gtin,
        image_url = excluded.image_url, attributes = excluded.attributes
      """;

  private BatchImport() {}

  public static void main(String[] arguments) throws Exception {
    try (HikariDataSource database = new HikariDataSource()) {
      database.setJdbcUrl(arguments[1]);
      database.setUsername(arguments[2]);
      database.addDataSourceProperty("reWriteBatchedInserts", "true");
      database.getConnection().close();

      JdbcTransactionManager transactions = new JdbcTransactionManager(database);
      JobRepository repository = repository(database, transactions);
      for (int time = 0; time < Integer.parseInt(arguments[3]); time++) {
        if (time > 0) {
          new JdbcTemplate(database).execute("TRUNCATE product");
          new JdbcTemplate(database).execute("CHECKPOINT");
        }
        run(Path.of(arguments[0]), database, transactions, repository, time);
      }
    }
  }

  private static void run(
      Path file,
      HikariDataSource database,
      JdbcTransactionManager transactions,
      JobRepository repository,
      long time)
      throws Exception {
    Step step =
        new StepBuilder("load", repository)
            .<FieldSet, FieldSet>chunk(CHUNK)
            .transactionManager(transactions)
            .reader(reader(file))
            .writer(writer(database))
            .build();
    Job job = new JobBuilder("import", repository).start(step).build();
    TaskExecutorJobOperator operator = new TaskExecutorJobOperator();
    operator.setJobRepository(repository);
    operator.setJobRegistry(new MapJobRegistry());
    operator.setTaskExecutor(new SyncTaskExecutor());
    operator.afterPropertiesSet();

    long begin = System.nanoTime();
    JobExecution execution =
        operator.start(job, new JobParametersBuilder().addLong("time", time).toJobParameters());
    double seconds = (System.nanoTime() - begin) / 1e9;
    if (execution.getStatus() != BatchStatus.COMPLETED) {
      throw new IllegalStateException(execution.toString());
    }
    long rows = execution.getStepExecutions().iterator().next().getWriteCount();
    System.out.printf(Locale.ROOT, "%d %.2f%n", rows, seconds);
  }

  /**
   * Stores the job's state in the database, so that the job could continue after a crash, as a job
   * in Waybill can.
   */
  private static JobRepository repository(
      HikariDataSource database, JdbcTransactionManager transactions) throws Exception {
    new ResourceDatabasePopulator(
            new ClassPathResource("org/springframework/batch/core/schema-postgresql.sql"))
        .execute(database);
    JdbcJobRepositoryFactoryBean repository = new JdbcJobRepositoryFactoryBean();
    repository.setDataSource(database);
    repository.setTransactionManager(transactions);
    repository.afterPropertiesSet();
    return repository.getObject();
  }

  private static FlatFileItemReader<FieldSet> reader(Path file) throws Exception {
    return new FlatFileItemReaderBuilder<FieldSet>()
        .name("products")
        .resource(new FileSystemResource(file))
        .encoding("UTF-8")
        .linesToSkip(1)
        .recordSeparatorPolicy(new DefaultRecordSeparatorPolicy())
        .delimited()
        .names(
            "sku name description price currency quantity category brand gtin image_url colour"
                .split(" "))
        .fieldSetMapper(fields -> fields)
        .build();
  }

  private static JdbcBatchItemWriter<FieldSet> writer(HikariDataSource database) {
    JdbcBatchItemWriter<FieldSet> writer =
        new JdbcBatchItemWriterBuilder<FieldSet>()
            .dataSource(database)
            .sql(UPSERT)
            .itemPreparedStatementSetter(
                (fields, statement) -> {
                  for (int i = 0; i < ATTRIBUTE; i++) {
                    String value = fields.readString(i);
                    statement.setString(i + 1, value.isEmpty() ? null : value);
                  }
                  String colour = fields.readString(ATTRIBUTE);
                  statement.setString(
                      ATTRIBUTE + 1, colour.isEmpty() ? "{}" : "{\"Colour\":\"" + colour + "\"}");
                })
            .assertUpdates(false)
            .build();
    writer.afterPropertiesSet();
    return writer;
  }
}
