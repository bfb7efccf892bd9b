/* All kinds of report; included twice by report.c: to declare, to fill the array. */
KIND(text)
KIND(student)
KIND(json)
