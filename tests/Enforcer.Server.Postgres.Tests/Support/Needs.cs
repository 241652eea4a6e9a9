// All of them start a PostgreSQL.
[assembly: AssemblyTrait("needs", "foreign")]
