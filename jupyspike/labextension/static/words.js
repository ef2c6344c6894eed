// Written by `make words` from the tables of the language in Python; a test tells when it is out of date.

export const KEYS = [
  "threshold", "reset", "refractory", "threshold_location", "on_pre", "on_post", "on_event", "connect", "delay",
  "method", "initial", "events", "order",
];

export const FUNCTIONS = [
  "rand", "randn", "poisson", "sqrt", "abs", "sign", "floor", "ceil", "int", "clip", "timestep", "exp", "log",
  "log10", "expm1", "log1p", "exprel", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan",
  "nernst_potential", "ghk_current",
];

export const CONSTANTS = [
  "pi", "e", "inf",
];

export const NAMES = [
  "t", "dt", "t_in_timesteps", "i", "j", "N", "N_incoming", "N_outgoing", "lastspike", "lastupdate",
  "not_refractory", "xi",
];

export const FLAGS = [
  "unless refractory", "clock-driven", "event-driven", "constant", "linked", "shared", "constant over dt", "summed",
  "point current", "diffusive",
];

export const METHODS = [
  "auto", "exact", "linear", "exponential_euler", "euler", "rk2", "rk4", "heun", "milstein", "rosenbrock",
  "reactions", "gsl", "gsl_rk2", "gsl_rk4", "gsl_rkf45", "gsl_rkck", "gsl_rk8pd", "independent",
];

export const UNITS = [
  "metre", "metre2", "metre3", "pmetre", "pmetre2", "pmetre3", "nmetre", "nmetre2", "nmetre3", "umetre", "umetre2",
  "umetre3", "mmetre", "mmetre2", "mmetre3", "kmetre", "kmetre2", "kmetre3", "Mmetre", "Mmetre2", "Mmetre3",
  "Gmetre", "Gmetre2", "Gmetre3", "Tmetre", "Tmetre2", "Tmetre3", "cmetre", "cmetre2", "cmetre3", "meter", "meter2",
  "meter3", "pmeter", "pmeter2", "pmeter3", "nmeter", "nmeter2", "nmeter3", "umeter", "umeter2", "umeter3",
  "mmeter", "mmeter2", "mmeter3", "kmeter", "kmeter2", "kmeter3", "Mmeter", "Mmeter2", "Mmeter3", "Gmeter",
  "Gmeter2", "Gmeter3", "Tmeter", "Tmeter2", "Tmeter3", "cmeter", "cmeter2", "cmeter3", "gram", "gram2", "gram3",
  "pgram", "pgram2", "pgram3", "ngram", "ngram2", "ngram3", "ugram", "ugram2", "ugram3", "mgram", "mgram2",
  "mgram3", "kgram", "kgram2", "kgram3", "Mgram", "Mgram2", "Mgram3", "Ggram", "Ggram2", "Ggram3", "Tgram",
  "Tgram2", "Tgram3", "gramme", "gramme2", "gramme3", "pgramme", "pgramme2", "pgramme3", "ngramme", "ngramme2",
  "ngramme3", "ugramme", "ugramme2", "ugramme3", "mgramme", "mgramme2", "mgramme3", "kgramme", "kgramme2",
  "kgramme3", "Mgramme", "Mgramme2", "Mgramme3", "Ggramme", "Ggramme2", "Ggramme3", "Tgramme", "Tgramme2",
  "Tgramme3", "second", "second2", "second3", "psecond", "psecond2", "psecond3", "nsecond", "nsecond2", "nsecond3",
  "usecond", "usecond2", "usecond3", "msecond", "msecond2", "msecond3", "ksecond", "ksecond2", "ksecond3",
  "Msecond", "Msecond2", "Msecond3", "Gsecond", "Gsecond2", "Gsecond3", "Tsecond", "Tsecond2", "Tsecond3", "amp",
  "amp2", "amp3", "pamp", "pamp2", "pamp3", "namp", "namp2", "namp3", "uamp", "uamp2", "uamp3", "mamp", "mamp2",
  "mamp3", "kamp", "kamp2", "kamp3", "Mamp", "Mamp2", "Mamp3", "Gamp", "Gamp2", "Gamp3", "Tamp", "Tamp2", "Tamp3",
  "ampere", "ampere2", "ampere3", "pampere", "pampere2", "pampere3", "nampere", "nampere2", "nampere3", "uampere",
  "uampere2", "uampere3", "mampere", "mampere2", "mampere3", "kampere", "kampere2", "kampere3", "Mampere",
  "Mampere2", "Mampere3", "Gampere", "Gampere2", "Gampere3", "Tampere", "Tampere2", "Tampere3", "kelvin", "kelvin2",
  "kelvin3", "pkelvin", "pkelvin2", "pkelvin3", "nkelvin", "nkelvin2", "nkelvin3", "ukelvin", "ukelvin2",
  "ukelvin3", "mkelvin", "mkelvin2", "mkelvin3", "kkelvin", "kkelvin2", "kkelvin3", "Mkelvin", "Mkelvin2",
  "Mkelvin3", "Gkelvin", "Gkelvin2", "Gkelvin3", "Tkelvin", "Tkelvin2", "Tkelvin3", "mole", "mole2", "mole3",
  "pmole", "pmole2", "pmole3", "nmole", "nmole2", "nmole3", "umole", "umole2", "umole3", "mmole", "mmole2",
  "mmole3", "kmole", "kmole2", "kmole3", "Mmole", "Mmole2", "Mmole3", "Gmole", "Gmole2", "Gmole3", "Tmole",
  "Tmole2", "Tmole3", "mol", "mol2", "mol3", "pmol", "pmol2", "pmol3", "nmol", "nmol2", "nmol3", "umol", "umol2",
  "umol3", "mmol", "mmol2", "mmol3", "kmol", "kmol2", "kmol3", "Mmol", "Mmol2", "Mmol3", "Gmol", "Gmol2", "Gmol3",
  "Tmol", "Tmol2", "Tmol3", "candela", "candela2", "candela3", "pcandela", "pcandela2", "pcandela3", "ncandela",
  "ncandela2", "ncandela3", "ucandela", "ucandela2", "ucandela3", "mcandela", "mcandela2", "mcandela3", "kcandela",
  "kcandela2", "kcandela3", "Mcandela", "Mcandela2", "Mcandela3", "Gcandela", "Gcandela2", "Gcandela3", "Tcandela",
  "Tcandela2", "Tcandela3", "coulomb", "coulomb2", "coulomb3", "pcoulomb", "pcoulomb2", "pcoulomb3", "ncoulomb",
  "ncoulomb2", "ncoulomb3", "ucoulomb", "ucoulomb2", "ucoulomb3", "mcoulomb", "mcoulomb2", "mcoulomb3", "kcoulomb",
  "kcoulomb2", "kcoulomb3", "Mcoulomb", "Mcoulomb2", "Mcoulomb3", "Gcoulomb", "Gcoulomb2", "Gcoulomb3", "Tcoulomb",
  "Tcoulomb2", "Tcoulomb3", "farad", "farad2", "farad3", "pfarad", "pfarad2", "pfarad3", "nfarad", "nfarad2",
  "nfarad3", "ufarad", "ufarad2", "ufarad3", "mfarad", "mfarad2", "mfarad3", "kfarad", "kfarad2", "kfarad3",
  "Mfarad", "Mfarad2", "Mfarad3", "Gfarad", "Gfarad2", "Gfarad3", "Tfarad", "Tfarad2", "Tfarad3", "hertz", "hertz2",
  "hertz3", "phertz", "phertz2", "phertz3", "nhertz", "nhertz2", "nhertz3", "uhertz", "uhertz2", "uhertz3",
  "mhertz", "mhertz2", "mhertz3", "khertz", "khertz2", "khertz3", "Mhertz", "Mhertz2", "Mhertz3", "Ghertz",
  "Ghertz2", "Ghertz3", "Thertz", "Thertz2", "Thertz3", "joule", "joule2", "joule3", "pjoule", "pjoule2", "pjoule3",
  "njoule", "njoule2", "njoule3", "ujoule", "ujoule2", "ujoule3", "mjoule", "mjoule2", "mjoule3", "kjoule",
  "kjoule2", "kjoule3", "Mjoule", "Mjoule2", "Mjoule3", "Gjoule", "Gjoule2", "Gjoule3", "Tjoule", "Tjoule2",
  "Tjoule3", "liter", "liter2", "liter3", "pliter", "pliter2", "pliter3", "nliter", "nliter2", "nliter3", "uliter",
  "uliter2", "uliter3", "mliter", "mliter2", "mliter3", "kliter", "kliter2", "kliter3", "Mliter", "Mliter2",
  "Mliter3", "Gliter", "Gliter2", "Gliter3", "Tliter", "Tliter2", "Tliter3", "litre", "litre2", "litre3", "plitre",
  "plitre2", "plitre3", "nlitre", "nlitre2", "nlitre3", "ulitre", "ulitre2", "ulitre3", "mlitre", "mlitre2",
  "mlitre3", "klitre", "klitre2", "klitre3", "Mlitre", "Mlitre2", "Mlitre3", "Glitre", "Glitre2", "Glitre3",
  "Tlitre", "Tlitre2", "Tlitre3", "molar", "molar2", "molar3", "pmolar", "pmolar2", "pmolar3", "nmolar", "nmolar2",
  "nmolar3", "umolar", "umolar2", "umolar3", "mmolar", "mmolar2", "mmolar3", "kmolar", "kmolar2", "kmolar3",
  "Mmolar", "Mmolar2", "Mmolar3", "Gmolar", "Gmolar2", "Gmolar3", "Tmolar", "Tmolar2", "Tmolar3", "pascal",
  "pascal2", "pascal3", "ppascal", "ppascal2", "ppascal3", "npascal", "npascal2", "npascal3", "upascal", "upascal2",
  "upascal3", "mpascal", "mpascal2", "mpascal3", "kpascal", "kpascal2", "kpascal3", "Mpascal", "Mpascal2",
  "Mpascal3", "Gpascal", "Gpascal2", "Gpascal3", "Tpascal", "Tpascal2", "Tpascal3", "ohm", "ohm2", "ohm3", "pohm",
  "pohm2", "pohm3", "nohm", "nohm2", "nohm3", "uohm", "uohm2", "uohm3", "mohm", "mohm2", "mohm3", "kohm", "kohm2",
  "kohm3", "Mohm", "Mohm2", "Mohm3", "Gohm", "Gohm2", "Gohm3", "Tohm", "Tohm2", "Tohm3", "siemens", "siemens2",
  "siemens3", "psiemens", "psiemens2", "psiemens3", "nsiemens", "nsiemens2", "nsiemens3", "usiemens", "usiemens2",
  "usiemens3", "msiemens", "msiemens2", "msiemens3", "ksiemens", "ksiemens2", "ksiemens3", "Msiemens", "Msiemens2",
  "Msiemens3", "Gsiemens", "Gsiemens2", "Gsiemens3", "Tsiemens", "Tsiemens2", "Tsiemens3", "volt", "volt2", "volt3",
  "pvolt", "pvolt2", "pvolt3", "nvolt", "nvolt2", "nvolt3", "uvolt", "uvolt2", "uvolt3", "mvolt", "mvolt2",
  "mvolt3", "kvolt", "kvolt2", "kvolt3", "Mvolt", "Mvolt2", "Mvolt3", "Gvolt", "Gvolt2", "Gvolt3", "Tvolt",
  "Tvolt2", "Tvolt3", "watt", "watt2", "watt3", "pwatt", "pwatt2", "pwatt3", "nwatt", "nwatt2", "nwatt3", "uwatt",
  "uwatt2", "uwatt3", "mwatt", "mwatt2", "mwatt3", "kwatt", "kwatt2", "kwatt3", "Mwatt", "Mwatt2", "Mwatt3",
  "Gwatt", "Gwatt2", "Gwatt3", "Twatt", "Twatt2", "Twatt3", "kilogram", "kilogram2", "kilogram3", "kilogramme",
  "kilogramme2", "kilogramme3", "mV", "mA", "uA", "nA", "pA", "pF", "uF", "nF", "nS", "uS", "mS", "ms", "us", "Hz",
  "kHz", "MHz", "cm", "cm2", "cm3", "mm", "mm2", "mm3", "um", "um2", "um3", "mM", "uM", "nM",
];
