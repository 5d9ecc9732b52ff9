#include "normalisation.h"
#include "recurrence.h"
#include "sparse.h"
