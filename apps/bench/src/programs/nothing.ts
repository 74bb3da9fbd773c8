/** What Node alone takes. */
console.log(0);
