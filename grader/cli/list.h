/* One row a command: its file is command_NAME.c. Included twice: to declare, to fill the table. */
COMMAND(run)
COMMAND(check)
COMMAND(spec)
COMMAND(lint)
COMMAND(kinds)
