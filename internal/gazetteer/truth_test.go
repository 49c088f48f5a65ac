package gazetteer

import "testing"

// truth are positions that anybody can check on a map: at borders and shores,
// in enclaves, in large cities and their parts. "-" is nothing.
var truth = []struct {
	what     string
	lat, lon float64
	path     string // of the deepest node that must be right
	country  string
}{
	// Parts of large cities are in the city.
	{"Museo Casa de León Trotsky, Coyoacán", 19.3577, -99.1596, "mexico/mexico-city", "MX"},
	{"Museo Frida Kahlo", 19.3551, -99.1625, "mexico/mexico-city", "MX"},
	{"Xochimilco", 19.2573, -99.1030, "mexico/mexico-city", "MX"},
	{"Basilica of Guadalupe", 19.4846, -99.1178, "mexico/mexico-city", "MX"},
	{"Sacré-Cœur, Montmartre", 48.8867, 2.3431, "france/ile-de-france/paris", "FR"},
	{"Catacombs of Paris", 48.8338, 2.3324, "france/ile-de-france/paris", "FR"},
	{"Père Lachaise", 48.8614, 2.3933, "france/ile-de-france/paris", "FR"},
	{"Eiffel Tower", 48.8584, 2.2945, "france/ile-de-france/paris", "FR"},
	{"Brooklyn Museum", 40.6712, -73.9636, "united-states/new-york/new-york-city", "US"},
	{"Coney Island", 40.5749, -73.9859, "united-states/new-york/new-york-city", "US"},
	{"Bronx Zoo", 40.8506, -73.8769, "united-states/new-york/new-york-city", "US"},
	{"Staten Island, Historic Richmond Town", 40.5707, -74.1455, "united-states/new-york/new-york-city", "US"},
	{"Flushing Meadows, Queens", 40.7466, -73.8448, "united-states/new-york/new-york-city", "US"},
	{"Times Square", 40.7580, -73.9855, "united-states/new-york/new-york-city", "US"},
	{"Hollywood Walk of Fame", 34.1016, -118.3267, "united-states/california/los-angeles", "US"},
	{"Venice Beach", 33.9850, -118.4695, "united-states/california/los-angeles", "US"},
	{"Watts Towers", 33.9387, -118.2411, "united-states/california/los-angeles", "US"},
	{"Berlin, Köpenick", 52.4450, 13.5760, "germany/berlin", "DE"},
	{"Berlin, Spandau citadel", 52.5411, 13.2128, "germany/berlin", "DE"},
	{"Brandenburg Gate", 52.5163, 13.3777, "germany/berlin", "DE"},
	{"Potsdam, Sanssouci", 52.4040, 13.0385, "germany/brandenburg/potsdam", "DE"},
	{"Greenwich Observatory", 51.4769, -0.0005, "united-kingdom/england/london", "GB"},
	{"Highgate Cemetery", 51.5670, -0.1470, "united-kingdom/england/london", "GB"},
	{"Kew Gardens", 51.4787, -0.2956, "united-kingdom/england/london", "GB"},
	{"Crystal Palace dinosaurs", 51.4173, -0.0672, "united-kingdom/england/london", "GB"},
	{"Trastevere", 41.8897, 12.4708, "italy/lazio/rome", "IT"},
	{"Rome, EUR", 41.8329, 12.4667, "italy/lazio/rome", "IT"},
	{"Senso-ji, Asakusa", 35.7148, 139.7967, "japan/tokyo", "JP"},
	{"Shibuya", 35.6595, 139.7005, "japan/tokyo", "JP"},
	{"Vienna, Prater", 48.2167, 16.4000, "austria/vienna", "AT"},
	{"Prague castle", 50.0909, 14.4005, "czechia/prague", "CZ"},
	{"Budapest, Buda castle", 47.4961, 19.0397, "hungary/budapest", "HU"},
	{"Marienplatz", 48.1374, 11.5755, "germany/bavaria/munich", "DE"},
	{"Red Square", 55.7539, 37.6208, "russia/moscow", "RU"},
	{"Hermitage", 59.9398, 30.3146, "russia/saint-petersburg", "RU"},
	{"Hagia Sophia", 41.0086, 28.9802, "turkey/istanbul", "TR"},
	{"Kadıköy, Asian side", 40.9903, 29.0264, "turkey/istanbul", "TR"},
	{"Copacabana", -22.9711, -43.1822, "brazil/rio-de-janeiro", "BR"},
	{"São Paulo, Ibirapuera", -23.5874, -46.6576, "brazil/sao-paulo", "BR"},
	{"La Boca, Buenos Aires", -34.6345, -58.3631, "argentina/buenos-aires", "AR"},
	{"Grand Place, Brussels", 50.8467, 4.3525, "belgium/brussels", "BE"},
	{"Rijksmuseum", 52.3600, 4.8852, "netherlands/north-holland/amsterdam", "NL"},
	{"Sagrada Família", 41.4036, 2.1744, "spain/catalonia/barcelona", "ES"},
	{"Prado", 40.4138, -3.6921, "spain/madrid", "ES"},
	{"Belém tower", 38.6916, -9.2160, "portugal/lisbon", "PT"},
	{"Nyhavn", 55.6798, 12.5914, "denmark/capital-region-of-denmark/copenhagen", "DK"},
	{"Vasa museum", 59.3280, 18.0914, "sweden/stockholm", "SE"},
	{"Uffizi", 43.7678, 11.2553, "italy/tuscany/florence", "IT"},
	{"Doge's palace", 45.4337, 12.3404, "italy/veneto/venice", "IT"},
	{"Golden Gate Park", 37.7694, -122.4862, "united-states/california/san-francisco", "US"},
	{"Oakland, Lake Merritt", 37.8044, -122.2586, "united-states/california/oakland", "US"},
	{"Lincoln Memorial", 38.8893, -77.0502, "united-states/washington-d-c", "US"},
	{"Georgetown, Washington", 38.9076, -77.0723, "united-states/washington-d-c", "US"},
	{"Arlington cemetery", 38.8770, -77.0700, "united-states/virginia/arlington", "US"},
	{"Edinburgh castle", 55.9486, -3.1999, "united-kingdom/scotland/edinburgh", "GB"},
	{"Titanic Belfast", 54.6081, -5.9098, "united-kingdom/northern-ireland/belfast", "GB"},
	{"Cardiff castle", 51.4822, -3.1811, "united-kingdom/wales/cardiff", "GB"},
	{"Sydney Opera House", -33.8568, 151.2153, "australia/new-south-wales/sydney", "AU"},
	{"Table Mountain cableway", -33.9481, 18.4030, "south-africa/western-cape/cape-town", "ZA"},
	{"Forbidden City", 39.9163, 116.3972, "china/beijing", "CN"},
	{"Gateway of India", 18.9220, 72.8347, "india/maharashtra/mumbai", "IN"},
	{"Red Fort, Delhi", 28.6562, 77.2410, "india/delhi", "IN"},
	// Seats of government beside a larger town.
	{"Intramuros, Manila", 14.5896, 120.9747, "philippines/national-capital-region/manila", "PH"},
	{"Valparaíso, Cerro Alegre", -33.0417, -71.6280, "chile/valparaiso", "CL"},
	{"Viña del Mar, casino", -33.0190, -71.5510, "chile/valparaiso/vina-del-mar", "CL"},
	{"Valletta, co-cathedral", 35.8977, 14.5125, "malta/valletta", "MT"},
	{"Conakry, grand mosque", 9.5350, -13.6830, "guinea/conakry", "GN"},
	{"Victoria Peak, Hong Kong", 22.2759, 114.1455, "hong-kong/hong-kong", "HK"},
	// Enclaves and dwarfs.
	{"St Peter's Basilica", 41.9022, 12.4539, "vatican-city", "VA"},
	{"Castel Sant'Angelo", 41.9031, 12.4663, "italy/lazio/rome", "IT"},
	{"San Marino, Guaita", 43.9353, 12.4500, "san-marino", "SM"},
	{"Rimini", 44.0594, 12.5683, "italy/emilia-romagna/rimini", "IT"},
	{"Monte Carlo casino", 43.7392, 7.4275, "monaco", "MC"},
	{"Nice, Promenade", 43.6951, 7.2650, "france/provence-alpes-cote-dazur/nice", "FR"},
	{"Maseru", -29.3151, 27.4869, "lesotho/maseru-district/maseru", "LS"},
	{"Thaba-Tseka", -29.5220, 28.6084, "lesotho", "LS"},
	{"Mbabane", -26.3167, 31.1333, "eswatini", "SZ"},
	{"Vaduz castle", 47.1392, 9.5244, "liechtenstein", "LI"},
	{"Andorra la Vella", 42.5075, 1.5218, "andorra", "AD"},
	{"Luxembourg, Bock", 49.6118, 6.1370, "luxembourg", "LU"},
	{"Kaliningrad cathedral", 54.7065, 20.5116, "russia", "RU"},
	{"Oecusse", -9.2037, 124.3570, "timor-leste", "TL"},
	{"Cabinda", -5.5600, 12.1900, "angola", "AO"},
	{"Nakhchivan", 39.2090, 45.4122, "azerbaijan", "AZ"},
	{"Musandam, Khasab", 26.1799, 56.2477, "oman", "OM"},
	{"Dubrovnik", 42.6407, 18.1077, "croatia/dubrovnik-neretva/dubrovnik", "HR"},
	{"Neum", 42.9222, 17.6156, "bosnia-and-herzegovina", "BA"},
	{"Gibraltar, Europa Point", 36.1103, -5.3464, "gibraltar", "GI"},
	{"Ceuta", 35.8883, -5.3162, "spain", "ES"},
	{"Melilla", 35.2923, -2.9381, "spain", "ES"},
	{"Llívia", 42.4640, 1.9806, "spain", "ES"},
	{"Campione d'Italia", 45.9710, 8.9710, "italy", "IT"},
	{"Büsingen", 47.6970, 8.6900, "germany", "DE"},
	// Borders.
	{"Strasbourg cathedral", 48.5818, 7.7508, "france/grand-est/strasbourg", "FR"},
	{"Kehl", 48.5720, 7.8150, "germany", "DE"},
	{"Basel Minster", 47.5566, 7.5925, "switzerland", "CH"},
	{"Lörrach", 47.6120, 7.6600, "germany", "DE"},
	{"Tijuana, Revolución", 32.5330, -117.0363, "mexico", "MX"},
	{"San Ysidro trolley", 32.5445, -117.0290, "united-states", "US"},
	{"Ciudad Juárez cathedral", 31.7386, -106.4870, "mexico", "MX"},
	{"El Paso, downtown", 31.7610, -106.4880, "united-states/texas/el-paso", "US"},
	{"Niagara Falls, Ontario, Skylon", 43.0852, -79.0798, "canada/ontario", "CA"},
	{"Niagara Falls, New York", 43.0910, -79.0510, "united-states/new-york", "US"},
	{"Detroit, Renaissance Center", 42.3293, -83.0398, "united-states/michigan/detroit", "US"},
	{"Windsor, Ontario", 42.3149, -83.0364, "canada/ontario/windsor", "CA"},
	{"Singapore, Marina Bay", 1.2834, 103.8607, "singapore/singapore", "SG"},
	{"Johor Bahru", 1.4655, 103.7578, "malaysia", "MY"},
	{"Kowloon", 22.2988, 114.1722, "hong-kong", "HK"},
	{"Shenzhen, Civic Center", 22.5460, 114.0543, "china/guangdong/shenzhen", "CN"},
	{"Ruins of St Paul's, Macau", 22.1976, 113.5409, "macau", "MO"},
	{"Narva castle", 59.3753, 28.2010, "estonia", "EE"},
	{"Ivangorod fortress", 59.3733, 28.2110, "russia", "RU"},
	{"Görlitz", 51.1560, 14.9830, "germany/saxony/gorlitz", "DE"},
	{"Frankfurt an der Oder", 52.3420, 14.5470, "germany/brandenburg", "DE"},
	{"Passau cathedral", 48.5742, 13.4654, "germany/bavaria/passau", "DE"},
	{"Eilat", 29.5589, 34.9551, "israel", "IL"},
	{"Aqaba", 29.5267, 35.0078, "jordan", "JO"},
	{"Vianden castle", 49.9352, 6.2027, "luxembourg", "LU"},
	{"Baarle-Nassau", 51.4450, 4.9290, "netherlands", "NL"},
	{"Cieszyn castle hill", 49.7520, 18.6280, "poland", "PL"},
	{"Český Těšín", 49.7430, 18.6130, "czechia", "CZ"},
	{"Irún", 43.3390, -1.7890, "spain", "ES"},
	{"Hendaye", 43.3590, -1.7740, "france", "FR"},
	{"Salzburg", 47.7998, 13.0450, "austria/salzburg", "AT"},
	{"Bad Reichenhall", 47.7290, 12.8770, "germany", "DE"},
	{"Como", 45.8103, 9.0852, "italy", "IT"},
	{"Chiasso", 45.8330, 9.0310, "switzerland", "CH"},
	{"Aachen cathedral", 50.7748, 6.0839, "germany", "DE"},
	{"Maastricht", 50.8490, 5.6880, "netherlands", "NL"},
	{"Giurgiu", 43.8930, 25.9700, "romania", "RO"},
	{"Ruse", 43.8480, 25.9540, "bulgaria", "BG"},
	{"Brazzaville", -4.2694, 15.2712, "republic-of-the-congo", "CG"},
	{"Kinshasa, Gombe", -4.3100, 15.3000, "democratic-republic-of-the-congo/kinshasa", "CD"},
	{"Victoria Falls, Zimbabwe", -17.9310, 25.8300, "zimbabwe", "ZW"},
	{"Livingstone", -17.8510, 25.8540, "zambia", "ZM"},
	{"Lahore fort", 31.5880, 74.3150, "pakistan/punjab/lahore", "PK"},
	{"Golden Temple, Amritsar", 31.6200, 74.8765, "india/punjab/amritsar", "IN"},
	{"Vientiane, Patuxai", 17.9706, 102.6185, "laos", "LA"},
	{"Nong Khai", 17.8783, 102.7420, "thailand", "TH"},
	{"Foz do Iguaçu", -25.5469, -54.5882, "brazil", "BR"},
	{"Puerto Iguazú", -25.5991, -54.5736, "argentina", "AR"},
	{"Ciudad del Este", -25.5097, -54.6111, "paraguay", "PY"},
	// Territories with codes of their own, and disputed ones as GeoNames has them.
	{"Pristina", 42.6629, 21.1655, "kosovo", "XK"},
	{"El Aaiún", 27.1500, -13.1991, "western-sahara", "EH"},
	{"Tarfaya", 27.9392, -12.9300, "morocco", "MA"},
	{"Taipei 101", 25.0340, 121.5645, "taiwan", "TW"},
	{"San Juan, Puerto Rico", 18.4655, -66.1057, "puerto-rico/san-juan", "PR"},
	{"Cayenne", 4.9224, -52.3135, "french-guiana", "GF"},
	{"Saint-Denis, Réunion", -20.8789, 55.4481, "reunion/saint-denis", "RE"},
	{"Fort-de-France", 14.6037, -61.0731, "martinique", "MQ"},
	{"Longyearbyen", 78.2232, 15.6267, "svalbard-and-jan-mayen", "SJ"},
	{"Nuuk", 64.1835, -51.7216, "greenland", "GL"},
	{"Tórshavn", 62.0097, -6.7716, "faroe-islands", "FO"},
	{"Douglas, Isle of Man", 54.1500, -4.4822, "isle-of-man", "IM"},
	{"Saint Helier", 49.1880, -2.1049, "jersey", "JE"},
	{"Mariehamn", 60.0973, 19.9348, "aland-islands", "AX"},
	{"Kralendijk, Bonaire", 12.1500, -68.2667, "caribbean-netherlands", "BQ"},
	{"Stanley", -51.6977, -57.8517, "falkland-islands", "FK"},
	{"South Pole station", -89.99, 0, "antarctica", "AQ"},
	{"McMurdo", -77.8460, 166.6760, "antarctica", "AQ"},
	{"Sevastopol", 44.6167, 33.5254, "ukraine/sevastopol", "UA"},
	{"Kyrenia", 35.3364, 33.3180, "cyprus", "CY"},
	{"Hargeisa", 9.5600, 44.0650, "somalia", "SO"},
	{"Guantánamo Bay naval base", 19.9100, -75.1200, "cuba", "CU"},
	// Islands and shores.
	{"Easter Island", -27.1127, -109.3497, "chile", "CL"},
	{"Galápagos, Puerto Ayora", -0.7402, -90.3138, "ecuador", "EC"},
	{"Funafuti", -8.5211, 179.1962, "tuvalu", "TV"},
	{"Taveuni, at the date line", -16.8500, -179.9700, "fiji", "FJ"},
	{"Malé", 4.1755, 73.5093, "maldives", "MV"},
	{"Honolulu, Waikiki", 21.2760, -157.8270, "united-states/hawaii/honolulu", "US"},
	{"Azores, Ponta Delgada", 37.7394, -25.6687, "portugal", "PT"},
	{"Mont-Saint-Michel", 48.6361, -1.5115, "france/normandy", "FR"},
	{"Alcatraz", 37.8267, -122.4230, "united-states/california/san-francisco", "US"},
	{"Statue of Liberty", 40.6892, -74.0445, "united-states", "US"},
	{"Bell Rock lighthouse, 18 km out", 56.4343, -2.3871, "united-kingdom", "GB"},
	{"Eddystone lighthouse", 50.1800, -4.2653, "united-kingdom", "GB"},
	{"off Cape Point, 10 km", -34.4500, 18.4900, "south-africa", "ZA"},
	// The open sea.
	{"Null Island", 0, 0, "-", ""},
	{"mid-Atlantic", 30, -40, "-", ""},
	{"Point Nemo", -48.8767, -123.3933, "-", ""},
	{"North Pole", 90, 0, "-", ""},
	{"date line, north Pacific", 40, 180, "-", ""},
	{"North Sea", 56, 3, "-", ""},
	{"Mediterranean", 34, 19, "-", ""},
	{"Caspian Sea", 42, 50.5, "-", ""},
}

func TestTruth(t *testing.T) {
	g := Open()
	for _, c := range truth {
		w := g.Locate(c.lat, c.lon)
		code, paths := "", []string{}
		for _, n := range []*Node{w.Country, w.Region, w.City} {
			if n != nil {
				paths = append(paths, n.Path)
			}
		}
		if w.Country != nil {
			code = w.Country.CountryCode
		}
		deepest := "-"
		if len(paths) > 0 {
			deepest = paths[len(paths)-1]
		}
		if code != c.country || c.path == "-" && deepest != "-" || c.path != "-" && !within(deepest, c.path) {
			t.Errorf("%s (%v, %v): %q %v, want %q %s", c.what, c.lat, c.lon, code, paths, c.country, c.path)
		}
	}
}

// within reports whether path is parent or below it.
func within(path, parent string) bool {
	return path == parent || len(path) > len(parent) && path[:len(parent)] == parent && path[len(parent)] == '/'
}
