/* One row a kind of probe: its file is probe_NAME.c. Included twice: to declare, to fill the table. */
KIND(bound)
KIND(exit)
KIND(asleep)
KIND(idle)
KIND(stopped)
