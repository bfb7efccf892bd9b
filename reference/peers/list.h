/* One row a kind of actor: the student's programs, and the opposite roles. Included twice: to declare, to fill the table. */
KIND(run)
KIND(udp_client)
KIND(udp_server)
