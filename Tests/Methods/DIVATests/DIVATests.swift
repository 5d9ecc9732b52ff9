import Testing
import DIVA
