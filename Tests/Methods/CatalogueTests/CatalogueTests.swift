import Testing
import Catalogue
