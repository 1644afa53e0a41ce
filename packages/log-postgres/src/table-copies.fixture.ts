/** Copies what a log holds, within its schema. What is resolved with puts that back, as a restored backup, or a standby that lagged behind and took over. */
export async function copyTables(
  query: (statement: string) => Promise<unknown>,
  schema: string,
): Promise<() => Promise<void>> {
  const tables = ['log', 'records', 'keys']
  for (const table of tables) {
    await query(`DROP TABLE IF EXISTS ${schema}.copy_of_${table}`)
    await query(`CREATE TABLE ${schema}.copy_of_${table} AS SELECT * FROM ${schema}.${table}`)
  }
  return async () => {
    const restored = tables.map(
      (table) =>
        `DELETE FROM ${schema}.${table}; INSERT INTO ${schema}.${table} SELECT * FROM ${schema}.copy_of_${table};`,
    )
    await query(`BEGIN; ${restored.join(' ')} COMMIT`)
  }
}
